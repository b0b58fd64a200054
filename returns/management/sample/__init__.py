"""A made-up shop to look at and to measure with: goods, people, orders, and cases in every state. Made by `load_sample`.

The small shop is made by the actions themselves, step by step at the times they would have happened; the large one is
written straight into the tables (`bulk`), with the same rows that the actions would have left. Names, numbers and
addresses are invented: phones end in a block nobody has, mail goes to example.org.
"""
