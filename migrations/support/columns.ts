/** An id: a UUID in lower-case text, compared byte by byte (36 bytes instead of 144). */
export const ID = 'CHAR(36) CHARACTER SET ascii COLLATE ascii_bin';
