"""Paper: fonts, barcodes and sheets as PDF. Values in, bytes out."""
