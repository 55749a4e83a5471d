"""The citizen's side: communes, procedures, look-up of a dossier."""
