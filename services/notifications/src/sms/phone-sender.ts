import { z } from 'zod';

/** Who an SMS comes from: a number with its country code, a short code, or a name of 11 letters, digits and spaces. */
export const phoneSender = z
  .string()
  .regex(
    /^(\+[1-9]\d{3,14}|\d{3,8}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11})$/,
    'a number like +15005550006, a short code or a name of up to 11 letters, digits and spaces is expected',
  );
