/** Conventions as rules: each message names the way that is meant (docs/architecture.md). */
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** What each folder must not import, and why. */
const zones = [
  {
    target: './src/shared',
    from: './src',
    except: ['./shared'],
    message: 'shared is a leaf: it imports nothing of ours.',
  },
  {
    target: './src/store',
    from: './src',
    except: ['./store', './shared'],
    message: 'The store knows records of shared and nothing else.',
  },
  {
    target: './src/engine',
    from: './src',
    except: ['./engine', './shared'],
    message: 'The engine answers plain records; whoever needs them asks over its port.',
  },
  {
    target: './src/offscreen',
    from: './src',
    except: ['./offscreen', './shared'],
    message: 'The offscreen document has no logic: it hosts the worker and passes a port.',
  },
  {
    target: './src/content',
    from: './src',
    except: ['./content'],
    message: 'What runs in web pages is injected as source text: it uses nothing of ours.',
  },
  {
    target: './src/background',
    from: './src',
    except: ['./background', './shared', './store', './content'],
    message: 'The background reaches the engine over its port and pages through the store.',
  },
  {
    target: ['./src/ui', './src/popup', './src/pages'],
    from: './src',
    except: [
      './ui',
      './popup',
      './pages',
      './shared',
      './store/read.ts',
      './store/reader.ts',
      './_locales',
    ],
    message: 'Pages read the store (store/read.ts) and send commands; nothing else of ours.',
  },
  {
    target: './src/ui',
    from: ['./src/popup', './src/pages'],
    message: 'ui is what pages share: what only one of them shows belongs into its own folder.',
  },
  {
    target: './src/popup',
    from: './src/pages',
    message: 'A page imports no other page; what both need belongs into ui.',
  },
  {
    target: './src/pages',
    from: './src/popup',
    message: 'A page imports no other page; what both need belongs into ui.',
  },
  {
    target: './src/background/!(platform)/**/*',
    from: './src/background/platform',
    message: 'Domain code gets the browser injected; only index.ts puts the two together.',
  },
  {
    target: './network',
    from: ['./src', './tests', './scripts'],
    message: 'The local network is a program of its own.',
  },
  {
    target: './src',
    from: ['./network', './tests', './scripts', './bench'],
    message: 'The extension ships without its tools.',
  },
];

/** Packages that belong into one folder each. */
const homes = [
  {
    name: 'idb',
    folders: ['src/store/**'],
    message: 'Only src/store knows IndexedDB; ask its read or write half.',
  },
  {
    name: '@xmtp/wasm-bindings',
    folders: ['src/engine/**'],
    message: 'Only src/engine touches libxmtp.',
  },
  {
    name: 'webextension-polyfill',
    folders: ['src/background/platform/**', 'src/ui/platform/**'],
    message: 'Browser interfaces belong into a platform/ folder.',
  },
];

/** A later block replaces an earlier one's options, so each folder gets the whole list less its own. */
const forbidden = (files, allowed) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: homes
          .filter(({ name }) => name !== allowed)
          .map(({ name, message }) => ({ group: [name, `${name}/*`], message })),
      },
    ],
  },
});

export default tseslint.config(
  { ignores: ['dist/', 'output/', 'node_modules/', 'network/gen/', '**/*.d.mts'] },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.{ts,tsx}'] })),
  {
    files: ['**/*.{ts,tsx}'],
    plugins: { 'import-x': importX },
    languageOptions: {
      parserOptions: { project: ['./tsconfig.json', './src/engine/tsconfig.json'] },
    },
    settings: {
      'import-x/resolver-next': [
        importX.createNodeResolver({ extensions: ['.ts', '.tsx', '.js'] }),
      ],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-default-export': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // Handlers and ports are asynchronous by their interface, whether or not they wait.
      '@typescript-eslint/require-await': 'off',
      // The DOM and IndexedDB give types that generics narrow; the compiler settings forbid the rest.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      '@typescript-eslint/unbound-method': 'off',
      // Wrong where another task may change what is read, which is what waiting is for.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // Preact signals are subscribed to by reading them.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // Types derived from tables are empty where the table says nothing.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      '@typescript-eslint/no-unused-vars': [
        'error',
        { varsIgnorePattern: '^_', argsIgnorePattern: '^_' },
      ],
      'max-lines': ['error', { max: 350 }],
    },
  },
  forbidden(['src/**/*.{ts,tsx}'], null),
  ...homes.map(({ name, folders }) => forbidden(folders, name)),
  {
    files: ['src/{popup,pages,ui}/**/*.{ts,tsx}'],
    rules: {
      'no-restricted-globals': [
        'error',
        { name: 'chrome', message: 'Browser interfaces belong into ui/platform.' },
        { name: 'browser', message: 'Browser interfaces belong into ui/platform.' },
      ],
    },
  },
  { files: ['*.config.ts'], rules: { 'import-x/no-default-export': 'off' } },
  {
    files: ['tests/**/*.ts', 'scripts/**/*.ts', 'bench/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
