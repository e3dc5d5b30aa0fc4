/** The server gives the library this name. */
export { default } from 'uplot';
