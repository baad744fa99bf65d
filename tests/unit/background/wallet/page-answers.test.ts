import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readWallets } from '../../../../src/background/wallet/page-answers.ts';

const svg = '<svg xmlns="http://www.w3.org/2000/svg"><path d=\'M0 0\'/></svg>';

test('a wallet that is well-formed keeps its name and icon', () => {
  const png = 'data:image/png;base64,iVBORw0KGgo=';
  expect(readWallets([{ id: 'a', name: 'Wallet', icon: png }])).toEqual([
    { id: 'a', name: 'Wallet', icon: png },
  ]);
});

test('an icon is an image in the address itself, or nothing', () => {
  const iconOf = (icon: string) => readWallets([{ id: 'a', name: '', icon }])[0]?.icon;
  for (const icon of [
    'https://tracker.example/i.png',
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'data:image/x-icon;base64,AA==',
    'data:image/png;base64,AA" onload="alert(1)',
    `data:image/png;base64,${'A'.repeat(200_000)}`,
  ]) {
    expect(iconOf(icon), icon.slice(0, 60)).toBeNull();
  }
  const escaped = iconOf(`data:image/svg+xml;utf8,${svg}`);
  expect(escaped).not.toMatch(/[\s"'<>]/);
  expect(decodeURIComponent(escaped!.slice(escaped!.indexOf(',') + 1))).toBe(svg);
});

test('names lose what hides or turns letters, and their length', () => {
  const nameOf = (name: string) => readWallets([{ id: 'a', name, icon: '' }])[0]?.name;
  expect(nameOf('\u202eksaMateM\u200b\n')).toBe('ksaMateM');
  expect(nameOf('x'.repeat(500))).toHaveLength(40);
});

test('what is malformed takes nothing else away, and anything at all may come', () => {
  expect(
    readWallets([
      null,
      { id: 1 },
      { id: '', name: '', icon: '' },
      { id: 'b', name: 'B', icon: 'x' },
    ]),
  ).toEqual([{ id: 'b', name: 'B', icon: null }]);
  fc.assert(
    fc.property(fc.anything(), (answer) => {
      for (const { icon, name } of readWallets([answer])) {
        expect(name.length).toBeLessThanOrEqual(40);
        expect(icon ?? 'data:image/').toMatch(/^data:image\//i);
      }
      expect(Array.isArray(readWallets(answer))).toBe(true);
    }),
  );
});
