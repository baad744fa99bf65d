import { parsePrivateKey } from '../../shared/ethereum.ts';
import type { CommandHandler } from './handler.ts';

export const signWithKey: CommandHandler<'signWithKey'> = async (
  { signatures },
  { requestId, privateKey },
) => {
  await signatures.signWith(requestId, parsePrivateKey(privateKey));
  return null;
};
