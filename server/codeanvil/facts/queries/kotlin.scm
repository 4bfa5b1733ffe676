; What a Kotlin file defines and imports. Nesting is found from the positions.
(package_header) @package
(class_declaration) @type
(object_declaration) @type
(companion_object) @type
(function_declaration) @function
(class_body (function_declaration) @member)
(enum_class_body (function_declaration) @member)
(secondary_constructor) @constructor
(source_file (property_declaration) @named)
(class_body (property_declaration) @named)
(enum_class_body (property_declaration) @named)
(enum_entry (class_body)) @named
(anonymous_initializer) @anonymous
(object_literal) @anonymous
(import) @import
(ERROR) @error
(MISSING) @error
