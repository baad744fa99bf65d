// Declared or imported by the official SDK and not called by what is measured (see package.json).
const unused = () => {
  throw new Error('Not part of the comparison.');
};
export const toBytes = unused;
export const generatePrivateKey = unused;
export const privateKeyToAccount = unused;
