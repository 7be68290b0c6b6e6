import qrcode from 'qrcode-generator';

/** Clear ground around the code, in modules, as its standard asks. */
const QUIET = 4;

/** A text as QR code: one SVG path of unit squares, and the side of the whole with its quiet edge. */
export function qrPath(text: string): { readonly path: string; readonly size: number } {
  const code = qrcode(0, 'M');
  code.addData(text, 'Byte');
  code.make();
  const n = code.getModuleCount();
  const rows = Array.from({ length: n }, (_, row) =>
    Array.from({ length: n }, (_, column) =>
      code.isDark(row, column) ? `M${column + QUIET} ${row + QUIET}h1v1h-1z` : '',
    ).join(''),
  );
  return { path: rows.join(''), size: n + 2 * QUIET };
}
