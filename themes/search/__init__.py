"""Search that knows Finnish: lemmas, compounds and their parts; Swedish and English by stem."""
