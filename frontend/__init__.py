"""The scripts of the pages, in TypeScript, and what bundles them."""
