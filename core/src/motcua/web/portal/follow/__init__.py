"""Following a dossier: what its holder sees and may do after proving to be that."""
