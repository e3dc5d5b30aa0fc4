/** Ask for no more than their text and the names, which images keep in each package's LICENSE. */
const inImages = ['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'BlueOak-1.0.0', 'Unlicense'];

/** Beside those. MPL-2.0 asks for the sources of its own files, CC-BY-4.0 for the author's name, when they are handed on. */
const inDevelopment = ['MPL-2.0', 'CC-BY-4.0', 'CC0-1.0', 'Python-2.0', 'PSF-2.0'];

/** Whether a package under this SPDX expression may be used: of alternatives one must be allowed, of a sum all. */
export function isAllowed(expression: string, where: 'images' | 'development'): boolean {
  const allowed = where === 'images' ? inImages : [...inImages, ...inDevelopment];
  const alternatives = expression.replaceAll(/[()]/g, '').split(' OR ');
  return alternatives.some((all) => all.split(' AND ').every((licence) => allowed.includes(licence.trim())));
}
