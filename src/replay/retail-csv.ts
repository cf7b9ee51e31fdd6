const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const COUNTRIES = ['United Kingdom', 'United Kingdom', 'Germany', 'EIRE', 'France'];
const START = Date.UTC(2010, 11, 1, 8);
const MS_PER_MINUTE = 60_000;

/** Made-up retail data in the UCI layout, for where the real file is not at hand. Seeded. */
export function retailCsv(size: { readonly seed: number; readonly invoices: number }): string {
  const draw = drawing(size.seed);
  const rows = [HEADER];
  for (let index = 0; index < size.invoices; index += 1) {
    const isReturn = index > 10 && draw(7) === 0;
    const invoice = `${isReturn ? 'C' : ''}${536_365 + index}`;
    const time = new Date(START + index * 9 * MS_PER_MINUTE).toISOString();
    const date = time.slice(0, 19).replace('T', ' ');
    const customer = draw(4) === 0 ? '' : String(12_300 + draw(60));
    const tail = `${customer},${COUNTRIES[draw(COUNTRIES.length)]}`;
    for (let line = draw(isReturn ? 3 : 30); line >= 0; line -= 1) {
      const code = 20_000 + draw(80);
      const quantity = (1 + draw(12)) * (isReturn ? -1 : 1);
      const price = `${draw(20)}.${String(1 + draw(99)).padStart(2, '0')}`;
      rows.push(`${invoice},${code},"GIFT, NO ${code}",${quantity},${date},${price},${tail}`);
    }
  }
  return `${rows.join('\n')}\n`;
}

/** A small linear congruential generator: this data has to be made-up, not random. */
function drawing(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}
