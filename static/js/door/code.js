/* Recognises a ticket in scanned or typed text, by the same rule as the server. */

const LENGTH = 26;
const LINK = /^https?:\/\/[^/?#\s]+\/t\/([^/?#]+)\/?(?:[?#].*)?$/i;
const FILLING = /[\s\-‐-―−]+/g;
const WHOLE = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/**
 * Return the 26 characters of a ticket code or link, else null.
 * @param {string} text
 * @returns {string | null}
 */
export function ticketCode(text) {
  const plain = text.normalize("NFKC").trim();
  const found = LINK.exec(plain);
  const bare = (found ? found[1] : plain).replace(FILLING, "");
  if (bare.length !== LENGTH) {
    return null;
  }
  const code = bare.toUpperCase().replace(/[IL]/g, "1").replace(/O/g, "0");
  return WHOLE.test(code) ? code : null;
}
