"""The household and its taxes: profile, estimate, reserve, plan, payments and what-ifs."""
