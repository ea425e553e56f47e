"""The self-test as one sees it: questions, what is given, the report, its picture."""
