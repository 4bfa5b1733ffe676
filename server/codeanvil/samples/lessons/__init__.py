"""One fact each: what it answers, how often it is asked, by what evidence it is known. Samples and held-out
questions are both made from these, so that what is asked was also taught."""
