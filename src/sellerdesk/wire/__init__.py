"""Pure codecs between protocol bytes and domain values. Imports domain only; knows no table and no HTTP."""
