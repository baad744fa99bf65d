/** Each file of libxmtp's pool begins with a header of so many bytes; the file's data follows. */
export const headerLength = 4096;
