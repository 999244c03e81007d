"""What the Python peers share: the case they are asked, the work of its tasks, and how they answer."""
