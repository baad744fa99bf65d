/** Unit tests. The end-to-end tests have their own runner (tests/e2e/run.ts). */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/unit/**/*.test.ts'],
    testTimeout: 20_000,
  },
});
