; What a Rust file defines and imports. Nesting is found from the positions.
(struct_item) @struct
(enum_item) @enum
(union_item) @union
(trait_item) @trait
(type_item) @alias
(impl_item) @impl
(mod_item) @mod
(function_item) @function
(function_signature_item) @function
(macro_definition) @macro
(source_file (macro_invocation (token_tree) @tokens))
(declaration_list (macro_invocation (token_tree) @tokens))
(use_declaration) @use
(extern_crate_declaration) @use
(line_comment) @above
(block_comment) @above
(attribute_item) @above
(inner_attribute_item) @above
(ERROR) @error
(MISSING) @error
