"""What wom_sim takes on a machine, beside what the machine can do and what others take. ``make bench`` runs all."""
