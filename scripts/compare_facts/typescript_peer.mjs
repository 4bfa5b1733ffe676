// What the TypeScript compiler sees: node typescript_peer.mjs COMPILER ROOT < paths, one a line; JSON lines out.
// It binds no symbols and resolves no types: what a file defines is told by its syntax tree alone.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [compiler, root] = process.argv.slice(2);
const ts = createRequire(import.meta.url)(compiler);
const K = ts.SyntaxKind;

let file, path, found;
// A function with members in its prototype is a class; its qualified name, and what it derives from.
let prototypes;

for (path of readFileSync(0, "utf-8").split("\n").filter(Boolean)) {
  const text = readFileSync(join(root, path), "utf-8");
  file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  found = [];
  prototypes = new Map();
  file.forEachChild((child) => visit(child, []));
  joinPrototypes();
  for (const each of found) console.log(JSON.stringify(each));
}

function visit(node, scope) {
  const within = (inner) => node.forEachChild((child) => visit(child, inner));
  if (ts.isClassLike(node)) {
    if (node.name) return type(node, node.name, scope);
    if (node.kind === K.ClassDeclaration) return type(node, node, scope, "default");
    return node.members.forEach((member) => visit(member, scope));
  }
  if (ts.isInterfaceDeclaration(node)) return type(node, node.name, scope);
  if (ts.isEnumDeclaration(node)) return type(node, node.name, scope);
  if (ts.isTypeAliasDeclaration(node)) return alias(node, scope);
  if (ts.isModuleDeclaration(node)) {
    return within(ts.isIdentifier(node.name) && node.name.text !== "global" ? [...scope, node.name.text] : scope);
  }
  if (ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node) || ts.isAccessor(node)) {
    if (ts.isObjectLiteralExpression(node.parent)) return within(scope);
    return callable("method", node, node.name ?? node, scope);
  }
  if (ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node)) {
    if (node.name) return callable("function", node, node.name, scope);
    return node.kind === K.FunctionDeclaration ? callable("function", node, node, scope, "default") : within(scope);
  }
  if (ts.isPropertyDeclaration(node) && node.initializer) return bind("method", node.name, node.initializer, scope, node);
  if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer) {
    return bind("function", node.name, node.initializer, scope, node);
  }
  if (ts.isExportAssignment(node) && !node.isExportEquals) return exported(node, scope);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === K.EqualsToken) return assigned(node, scope);
  if (ts.isCallExpression(node)) return called(node, scope);
  return within(scope);
}

// --- what has a name

function add(group, name, scope, node, rest = {}) {
  const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
  const definition = { group, name, scope: scope.join("."), file: path, line, bases: [], methods: [], ...rest };
  if (name) found.push(definition);
  return definition;
}

function type(node, name, scope, called = name.text) {
  const bases = (node.heritageClauses ?? []).flatMap((clause) => clause.types.flatMap((each) => [...names(each)]));
  const definition = add("type", called, scope, name, { bases });
  const members = ts.isEnumDeclaration(node) ? [] : node.members;
  definition.methods = [...new Set(members.filter(isMethod).map((member) => spelled(member.name)))].filter(Boolean);
  inside(node, members, [...scope, called]);
}

// An alias counts where it could be an interface: an object type, or an intersection with one.
function alias(node, scope) {
  const parts = ts.isIntersectionTypeNode(bare(node.type)) ? flat(node.type) : [bare(node.type)];
  const literals = parts.filter((part) => ts.isTypeLiteralNode(part));
  if (!literals.length) return node.forEachChild((child) => visit(child, scope));
  const bases = parts.filter((part) => ts.isTypeReferenceNode(part)).map((part) => last(part.typeName));
  const members = literals.flatMap((part) => [...part.members]);
  const methods = [...new Set(members.filter(isMethod).map((member) => spelled(member.name)))];
  add("type", node.name.text, scope, node.name, { bases, methods });
  inside(node, members, [...scope, node.name.text]);
}

function inside(node, members, scope) {
  (node.heritageClauses ?? []).forEach((clause) => visit(clause, scope));
  members.forEach((member) => {
    if (ts.isMethodSignature(member)) add("method", spelled(member.name), scope, member.name);
    else visit(member, scope);
  });
}

function callable(group, node, name, scope, called = spelled(name)) {
  add(group, called, scope, name);
  node.forEachChild((child) => visit(child, called ? [...scope, called] : scope));
}

// --- what is bound to a name

function bind(group, name, value, scope, whole) {
  const inner = unwrapped(value);
  if (isFunctionValue(inner)) {
    add(group, spelled(name), scope, name);
    inner.forEachChild((child) => visit(child, [...scope, spelled(name)]));
  } else if (ts.isClassExpression(inner)) {
    type(inner, name, scope, spelled(name));
  } else if (ts.isObjectLiteralExpression(inner)) {
    object(inner, [...scope, spelled(name)]);
  } else {
    whole.forEachChild((child) => visit(child, scope));
    return;
  }
  if (ts.isBinaryExpression(value)) alsoAssigned(value, scope);
}

function object(node, within, group = "function", scope = null) {
  for (const member of node.properties) {
    if (ts.isMethodDeclaration(member) || ts.isAccessor(member)) callable(group, member, member.name, within);
    else if (ts.isPropertyAssignment(member)) {
      const value = unwrapped(member.initializer);
      if (ts.isObjectLiteralExpression(value)) object(value, [...within, spelled(member.name)]);
      else bind(group, member.name, member.initializer, within, member);
    } else visit(member, scope ?? within);
  }
}

function exported(node, scope) {
  const value = unwrapped(node.expression);
  if (isFunctionValue(value) && !value.name) callable("function", value, value, scope, "default");
  else if (ts.isClassExpression(value) && !value.name) type(value, value, scope, "default");
  else if (ts.isObjectLiteralExpression(value)) object(value, scope);
  else visit(node.expression, scope);
}

// `a.b = value`; of `a.b = c.d = value` also c.d, but for `module.exports`.
function assigned(node, scope) {
  const value = unwrapped(node.right);
  const named = name(node, value, scope);
  if (!named) return node.forEachChild((child) => visit(child, scope));
  if (ts.isBinaryExpression(node.right)) alsoAssigned(node.right, scope);
}

function alsoAssigned(node, scope) {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== K.EqualsToken) return;
  const path = chain(node.left);
  const value = unwrapped(node.right);
  if (path.length > 1 && !ts.isObjectLiteralExpression(value)) {
    const names = path.map((part) => part.text ?? "this");
    if (names.join(".") !== "module.exports" && names[0] !== "this" && !names.includes("prototype")) {
      const scopes = exportless(names).slice(0, -1);
      if (isFunctionValue(value)) add("function", names.at(-1), [...scope, ...scopes], path.at(-1));
    } else if (names.at(-2) === "prototype" && isFunctionValue(value)) {
      add("method", names.at(-1), [...scope, ...exportless(names.slice(0, -2))], path.at(-1));
    }
  }
  alsoAssigned(node.right, scope);
}

function name(node, value, scope) {
  const path = chain(node.left);
  const names = path.map((part) => part.text ?? "this");
  const at = names.indexOf("prototype");
  if (path.length < 2 || !(isFunctionValue(value) || ts.isClassExpression(value) || ts.isObjectLiteralExpression(value))) {
    const last = names.at(-1);
    if (at > 0 && at === names.length - 2 && names[0] !== "this") derive([...scope, ...exportless(names.slice(0, at))]);
    if (at > 0 && at === names.length - 1) derive([...scope, ...exportless(names.slice(0, at))], prototypeOf(node.right));
    else if (at > 0 && last === "__proto__") derive([...scope, ...names.slice(0, at)], prototypeOf(node.right));
    return false;
  }
  if (at > 0) {
    const owner = [...scope, ...exportless(names.slice(0, at))];
    derive(owner);
    if (at === names.length - 1 && ts.isObjectLiteralExpression(value)) object(value, owner, "method");
    else if (at === names.length - 2) bind("method", path.at(-1), node.right, owner, node);
    else return false;
    return true;
  }
  if (names[0] === "this" && !inFunction(node)) return false;
  const module = names[0] === "module" && names[1] === "exports" && names.length === 2;
  if (module && ts.isObjectLiteralExpression(value)) object(value, scope);
  else if (module && value.name) return false;
  else bind("function", path.at(-1), value, [...scope, ...(module ? ["module"] : exportless(names).slice(0, -1))], node);
  return true;
}

// `Object.assign(Foo.prototype, { ... })`
function called(node, scope) {
  const [target, value] = node.arguments;
  const names = target ? chain(target).map((part) => part.text ?? "this") : [];
  if (names.at(-1) === "prototype" && value && ts.isObjectLiteralExpression(value)) {
    const owner = [...scope, ...exportless(names.slice(0, -1))];
    derive(owner);
    object(value, owner, "method");
    node.arguments.slice(2).forEach((each) => visit(each, scope));
    return;
  }
  const callee = node.expression.name?.text ?? node.expression.text;
  const others = value ? chain(value).map((part) => part.text ?? "this") : [];
  if (["inherits", "_inherits"].includes(callee) && names.length === 1 && others.length) {
    derive([...scope, ...names], others.filter((name) => name !== "prototype").at(-1));
  } else if (callee === "setPrototypeOf" && names.at(-1) === "prototype" && others.at(-1) === "prototype") {
    derive([...scope, ...names.slice(0, -1)], others.at(-2));
  }
  node.forEachChild((child) => visit(child, scope));
}

function derive(owner, base) {
  const bases = prototypes.get(owner.join(".")) ?? [];
  prototypes.set(owner.join("."), base && !bases.includes(base) ? [...bases, base] : bases);
}

// The class in `Base.prototype`, `new Base()` and `Object.create(Base.prototype)`.
function prototypeOf(value) {
  if (ts.isCallExpression(value)) value = value.arguments[0] ?? value;
  else if (ts.isNewExpression(value)) return chain(value.expression).at(-1)?.text;
  const names = chain(value).map((part) => part.text ?? "this");
  return names.at(-1) === "prototype" ? names.at(-2) : undefined;
}

function joinPrototypes() {
  for (const [owner, bases] of prototypes) {
    for (const each of found) {
      const qualified = [each.scope, each.name].filter(Boolean).join(".");
      if (qualified !== owner || !["function", "type"].includes(each.group)) continue;
      each.group = "type";
      each.bases = [...each.bases, ...bases.filter((base) => !each.bases.includes(base))];
      const methods = found.filter((other) => other.group === "method" && other.scope === owner);
      each.methods = [...new Set([...each.methods, ...methods.map((method) => method.name)])];
    }
  }
}

// --- expressions and types

function unwrapped(value) {
  for (;;) {
    if (
      ts.isParenthesizedExpression(value) || ts.isAsExpression(value) || ts.isSatisfiesExpression(value) ||
      ts.isNonNullExpression(value) || ts.isTypeAssertionExpression(value)
    ) {
      value = value.expression;
    } else if (ts.isBinaryExpression(value) && value.operatorToken.kind === K.EqualsToken) value = value.right;
    else return value;
  }
}

function isFunctionValue(node) {
  return ts.isArrowFunction(node) || ts.isFunctionExpression(node);
}

// What is called a method: also a field of a class that holds a function.
function isMethod(member) {
  if (ts.isMethodSignature(member) || ts.isMethodDeclaration(member) || ts.isAccessor(member)) return true;
  if (ts.isConstructorDeclaration(member)) return true;
  return ts.isPropertyDeclaration(member) && member.initializer && isFunctionValue(unwrapped(member.initializer));
}

function spelled(name) {
  if (!name || name.kind === K.Constructor) return "constructor";
  if (ts.isComputedPropertyName(name) && ts.isStringLiteralLike(name.expression)) return name.expression.text;
  return name.text ?? name.getText(file).replace(/\s+/g, " ");
}

function chain(node) {
  const names = [];
  for (; ts.isPropertyAccessExpression(node); node = node.expression) names.unshift(node.name);
  return ts.isIdentifier(node) || node.kind === K.ThisKeyword ? [node, ...names] : [];
}

// Whether the nearest function with a name around a node is no method.
function inFunction(node) {
  for (let outer = node.parent; outer; outer = outer.parent) {
    if (ts.isMethodDeclaration(outer) || ts.isAccessor(outer)) return ts.isObjectLiteralExpression(outer.parent);
    if (ts.isClassLike(outer) || ts.isConstructorDeclaration(outer)) return false;
    if (ts.isFunctionDeclaration(outer)) return true;
    if (isFunctionValue(outer)) {
      const holder = outer.parent;
      if (ts.isPropertyDeclaration(holder)) return false;
      if (ts.isVariableDeclaration(holder) || ts.isPropertyAssignment(holder) || outer.name) return true;
      if (ts.isBinaryExpression(holder)) return chain(holder.left).at(-2)?.text !== "prototype";
    }
  }
  return false;
}

function exportless(names) {
  if (names[0] === "this") return names.slice(1);
  if (names[0] === "exports") return names.slice(1);
  return names[0] === "module" && names[1] === "exports" ? names.slice(2) : names;
}

function* names(type) {
  yield* classes(type.expression ?? type, true);
}

// Of what a call returns, the function, and the arguments that are written as classes.
function* classes(node, any) {
  node = unwrapped(node);
  if (ts.isExpressionWithTypeArguments(node)) node = node.expression;
  if (ts.isCallExpression(node)) {
    yield* classes(node.expression, true);
    for (const argument of node.arguments) yield* classes(argument, false);
  } else if (ts.isIdentifier(node) || ts.isPropertyAccessExpression(node)) {
    const name = node.name?.text ?? node.text;
    if (any || /^\p{Lu}/u.test(name)) yield name;
  }
}

function bare(type) {
  while (ts.isParenthesizedTypeNode(type)) type = type.type;
  return type;
}

function flat(type) {
  const inner = bare(type);
  return ts.isIntersectionTypeNode(inner) ? inner.types.flatMap(flat) : [inner];
}

function last(name) {
  return ts.isQualifiedName(name) ? name.right.text : name.text;
}
