; What a Ruby file defines and requires. Nesting is found from the positions.
(class) @class
(module) @module
(singleton_class) @singleton
(method) @method
(singleton_method) @method
(alias) @alias
(assignment
  left: [(constant) (scope_resolution)]
  right: (call receiver: (constant) @_maker method: (identifier) @_make)
  (#any-of? @_maker "Class" "Module" "Struct" "Data")
  (#any-of? @_make "new" "define")) @made
(call receiver: (constant) @_maker method: (identifier) @_make block: (_) @anonymous
  (#any-of? @_maker "Class" "Module" "Struct" "Data")
  (#any-of? @_make "new" "define"))
(call
  !receiver
  method: (identifier) @_word
  (#any-of? @_word
    "include" "prepend" "attr" "attr_reader" "attr_writer" "attr_accessor" "alias_method" "define_method"
    "define_singleton_method" "require" "require_relative" "load" "autoload" "sig")) @call
(program (if condition: (_) @guard))
(program (if_modifier condition: (_) @guard))
(ERROR) @error
(MISSING) @error
