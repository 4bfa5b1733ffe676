; What a Go file defines and imports. Nesting is found from the positions.
(package_clause (package_identifier) @package)
(import_spec path: (_) @import)
(type_spec) @type
(type_spec type: (interface_type (method_elem) @required))
(const_spec type: (type_identifier) value: (_)) @constant
(function_declaration) @function
(method_declaration) @method
(ERROR) @error
(MISSING) @error
