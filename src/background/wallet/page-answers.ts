/** What comes from a page, checked. Whatever does not fit is as good as no answer. */
import * as v from 'valibot';
import { addressSchema } from '../../shared/ids.ts';
import type { PageWallet } from '../../shared/wallet-link.ts';

/** Letters that hide or turn others, which a name needs none of. */
const invisible = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu;
const name = v.pipe(
  v.string(),
  v.transform((text) => text.replace(invisible, '').trim().slice(0, 40)),
);

/** Shown by `<img>`, in which SVG runs no scripts and loads nothing. */
const image = /^data:image\/(?:png|jpeg|gif|webp|svg\+xml)[;,][^\s"'<>]*$/i;
const longestIcon = 100_000;
const icon = v.pipe(
  v.string(),
  v.transform((text) => toIcon(text)),
);

const walletSchema = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  name,
  icon,
});

function toIcon(text: string): string | null {
  if (text.length > longestIcon || !/^data:/i.test(text)) return null;
  // EIP-6963 allows SVG as it is, with blanks and quotes in it.
  const [header = '', ...body] = text.split(',');
  const encoded = /;base64$/i.test(header)
    ? text
    : `${header},${body.join(',').replace(/[\s"'<>#]/g, escapeUrl)}`;
  return image.test(encoded) ? encoded : null;
}

function escapeUrl(character: string): string {
  return character === "'" ? '%27' : encodeURIComponent(character);
}

/** Those that are well-formed; a malformed one does not take the others away. */
export function readWallets(answer: unknown): readonly PageWallet[] {
  if (!Array.isArray(answer)) return [];
  return answer.slice(0, 21).flatMap((one: unknown) => {
    const wallet = v.safeParse(walletSchema, one);
    return wallet.success ? [wallet.output] : [];
  });
}

export const markedDocumentSchema = v.object({
  origin: v.pipe(v.string(), v.maxLength(300)),
  sessionId: v.nullable(v.string()),
});

export const replySchema = v.variant('kind', [
  v.object({ kind: v.literal('value'), value: v.union([v.string(), v.array(v.string())]) }),
  v.object({ kind: v.literal('error'), code: v.number(), message: v.string() }),
  v.object({ kind: v.literal('gone') }),
]);

export const accountsSchema = v.array(addressSchema);

/** `0x` and hex digits without leading zeros, as JSON-RPC writes numbers; some wallets pad them. */
export const quantitySchema = v.pipe(
  v.string(),
  v.regex(/^0x[0-9a-fA-F]{1,16}$/),
  v.transform((hex) => BigInt(hex)),
);

export const chainIdSchema = v.pipe(
  quantitySchema,
  v.transform(Number),
  v.safeInteger(),
  v.minValue(1),
);

/** `0x` and pairs of hex digits; answers the digits. */
export const bytesSchema = v.pipe(
  v.string(),
  v.regex(/^0x(?:[0-9a-fA-F]{2})*$/),
  v.transform((hex) => hex.slice(2).toLowerCase()),
);
