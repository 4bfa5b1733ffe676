; What a Swift file defines and imports. Nesting is found from the positions.
(import_declaration) @import
(class_declaration) @type
(protocol_declaration) @type
(function_declaration) @function
(protocol_function_declaration) @function
(init_declaration) @init
(deinit_declaration) @deinit
(subscript_declaration) @subscript
(property_declaration) @property
(macro_declaration) @macro
(source_file [
  (assignment) (await_expression) (call_expression) (directly_assignable_expression) (do_statement) (for_statement)
  (guard_statement) (if_statement) (repeat_while_statement) (switch_statement) (try_expression) (while_statement)
] @code)
(ERROR) @error
(MISSING) @error
