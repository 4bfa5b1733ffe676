"""When a run may use the machine: its place in the queue, mains power, others' load; and the sign that it lives.

Nothing here knows torch: a run that waits must cost next to nothing.
"""
