"""What is measured as whole processes; each is started anew for every measurement."""
