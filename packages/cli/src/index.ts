export { putInForce, readCatalogue } from './catalogue-file.ts';
export { program } from './program.ts';
