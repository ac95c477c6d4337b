//! Acts, undo and history through the register.
