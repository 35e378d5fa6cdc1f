"""Schedule C inside one business: the worksheets behind the lines that no bank row gives."""
