"""Who pays the freelancer, how often, what is still to come, and what forms 1099 say of it."""
