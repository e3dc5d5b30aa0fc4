// The server gives the library this name, and has it from its package.
// oxlint-disable-next-line import/no-default-export
export { default } from 'uplot';
