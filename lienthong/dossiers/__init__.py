"""The domain: dossiers, branches, papers, fees, deadlines and who answers for them."""
