"""The page: what if, in a browser. A small server on this computer, and a child process that runs what is asked.

``state`` is what an address says, ``levers`` what can be moved, ``worker`` the child process, ``shown`` what it found
as plain data for the page, ``jobs`` the queue, ``safety`` who may ask, ``server`` the addresses. The server's own
process neither simulates nor draws, so that the page is there at once and a run can be killed.
"""
