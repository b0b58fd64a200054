"""What templates of every face may say: icons, money, times, references, codes, fields, verdicts. docs/look.md lists them."""
