// How does a test look at what became of the messages of one connection? As its vendor sees them.
import * as z from 'zod';
import type { Product } from './product.ts';

const Listed = z.looseObject({
  items: z.array(
    z.looseObject({ status: z.string(), reason: z.string().nullable(), receipt: z.string(), connection: z.string() }),
  ),
  cursor: z.string().optional(),
});
export type ListedReceipt = z.infer<typeof Listed>['items'][number];

/** The items of every page of a list. */
export const everyItem = async <T extends z.ZodType>(
  product: Product,
  token: string,
  { path, page }: { readonly path: string; readonly page: T },
): Promise<readonly z.infer<T>[]> => {
  const pages: z.infer<T>[] = [];
  let cursor: string | undefined;
  do {
    const asked = `${path}${path.includes('?') ? '&' : '?'}limit=1000${cursor === undefined ? '' : `&cursor=${cursor}`}`;
    const { status, text } = await product.send(asked, { headers: { authorization: `Bearer ${token}` } });
    if (status !== 200) throw new Error(`${path} was answered ${status} ${text}`);
    const read = page.parse(JSON.parse(text));
    pages.push(read);
    cursor = z.looseObject({ cursor: z.string().optional() }).parse(read).cursor;
  } while (cursor !== undefined);
  return pages;
};

/** All receipts of a tenant, or of one connection. */
export const receiptsOf = async (
  product: Product,
  token: string,
  connection?: string,
): Promise<readonly ListedReceipt[]> => {
  const path = connection === undefined ? '/v1/receipts' : `/v1/receipts?connection=${connection}`;
  return (await everyItem(product, token, { path, page: Listed })).flatMap(({ items }) => items);
};
