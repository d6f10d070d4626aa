"""Problems, their causes, actions with an owner and a due date, and the proof that they worked."""
