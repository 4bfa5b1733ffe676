-- CodeAnvil in Neovim, 0.7 and newer. Copy this file to ~/.config/nvim/lua/codeanvil.lua and put into init.lua:
--
--     require('codeanvil').setup()
--
-- Commands: :CodeAnvilAsk [question], :CodeAnvilTrain, :CodeAnvilPause, :CodeAnvilStop, :CodeAnvilResume and
-- :CodeAnvilStatus. For a status line: require('codeanvil').status().
local M = {}

local filetypes = {
  'python', 'c', 'cpp', 'cs', 'java', 'kotlin', 'scala', 'javascript', 'javascriptreact', 'typescript',
  'typescriptreact', 'go', 'rust', 'swift', 'php', 'ruby',
}
local markers = { 'codeanvil.toml', '.git' }

local clients = {} -- id of the client by root
local shown = {} -- by root: index and run, as the server last told of them
local asked = {} -- by token: the buffer an answer is written to
local count = 0

local function notify(text, level) vim.notify('CodeAnvil: ' .. text, level or vim.log.levels.INFO) end

-- The folder a file belongs to: the nearest one above it with a marker, else the current one if it holds the file,
-- else the file's own.
local function root_of(file)
  local own = vim.fn.resolve(vim.fn.fnamemodify(file, ':p:h'))
  local folder = own
  while true do
    for _, marker in ipairs(markers) do
      local path = folder .. '/' .. marker
      if vim.fn.filereadable(path) == 1 or vim.fn.isdirectory(path) == 1 then return folder end
    end
    local parent = vim.fn.fnamemodify(folder, ':h')
    if parent == folder then break end
    folder = parent
  end
  local current = vim.fn.resolve(vim.fn.getcwd())
  return vim.startswith(own .. '/', current .. '/') and current or own
end

local function client()
  local id = clients[root_of(vim.api.nvim_buf_get_name(0))] or select(2, next(clients))
  local found = id and vim.lsp.get_client_by_id(id)
  if not found then notify('open a source file of the project first.', vim.log.levels.WARN) end
  return found
end

-- Method or function: clients were called with '.' before 0.11 and are called with ':' since.
local function request(of, method, params, handler)
  if vim.fn.has('nvim-0.11') == 1 then return of:request(method, params, handler) end
  return of.request(method, params, handler)
end

-- Has the server carry out a command; `done` gets its result. What goes wrong is told in the server's words.
local function execute(verb, argument, done)
  local of = client()
  if not of then return end
  argument.workspace = of.config.root_dir
  local params = { command = 'codeanvil.' .. verb, arguments = { argument } }
  request(of, 'workspace/executeCommand', params, function(problem, result)
    if problem then return notify(problem.message, vim.log.levels.ERROR) end
    done(result)
  end)
end

local function write(buffer, text)
  if not vim.api.nvim_buf_is_valid(buffer) then return end
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, vim.split(text, '\n'))
  vim.bo[buffer].modifiable = false
end

-- Opens the file of a citation "path:line" under the cursor.
local function follow(root)
  local path, line = vim.api.nvim_get_current_line():match('^%- (.+):(%d+)')
  if not path then return end
  vim.cmd('wincmd p')
  vim.cmd('edit +' .. line .. ' ' .. vim.fn.fnameescape(root .. '/' .. path))
end

local function window(title)
  vim.cmd('botright 15new')
  local buffer = vim.api.nvim_get_current_buf()
  for name, value in pairs({ buftype = 'nofile', bufhidden = 'wipe', swapfile = false, filetype = 'markdown' }) do
    vim.bo[buffer][name] = value
  end
  write(buffer, title)
  return buffer
end

-- Shows the answer to `question` in a window below, as it is written; <CR> on a place opens it.
function M.ask(question)
  local of = client()
  if not of then return end
  local root = of.config.root_dir
  local heading = '# ' .. question .. '\n\n'
  local buffer = window(heading)
  vim.keymap.set('n', '<CR>', function() follow(root) end, { buffer = buffer })
  count = count + 1
  local token = 'ask-' .. count
  asked[token] = { buffer = buffer, text = heading }
  local params = { command = 'codeanvil.ask', arguments = { { workspace = root, question = question, token = token } } }
  request(of, 'workspace/executeCommand', params, function(problem, answer)
    asked[token] = nil
    if problem then return write(buffer, heading .. problem.message) end
    local text = heading .. answer.answer
    if #answer.citations > 0 then text = text .. '\n' end
    for _, place in ipairs(answer.citations) do
      text = text .. '\n- ' .. place.path .. ':' .. place.line
    end
    write(buffer, text)
  end)
end

local function on_delta(_, delta)
  local entry = asked[delta.token]
  if not entry then return end
  entry.text = entry.text .. delta.delta
  write(entry.buffer, entry.text)
end

local function on_index(_, index)
  local known = shown[index.workspace] or {}
  known.index = index
  shown[index.workspace] = known
  vim.cmd('redrawstatus')
end

local ended = { finished = true, failed = true, crashed = true, stopped = true }

local function on_run(_, run)
  local known = shown[run.workspace] or {}
  if ended[run.state] and (known.run or {}).state ~= run.state then
    notify(vim.trim('the training ' .. run.state .. '. ' .. (run.text or '')))
  end
  known.run = run
  shown[run.workspace] = known
  vim.cmd('redrawstatus')
end

local function number(value) return type(value) == 'number' and value or nil end

-- One short text for a status line; empty where there is nothing to say.
function M.status()
  local known = shown[root_of(vim.api.nvim_buf_get_name(0))] or select(2, next(shown)) or {}
  local index, run = known.index, known.run
  if run and not ended[run.state] then
    local step, steps, eta = number(run.step), number(run.steps), number(run.eta_seconds)
    if run.state ~= 'running' or not (step and steps) then return 'CodeAnvil: training ' .. run.state end
    local left = eta and string.format(', %d min left', math.ceil(eta / 60)) or ''
    return string.format('CodeAnvil: training %d%%%s', math.floor(100 * step / steps), left)
  end
  if index and index.state == 'indexing' then
    return string.format('CodeAnvil: indexing %d/%d', index.done, index.total)
  end
  return index and index.state == 'failed' and 'CodeAnvil: no index' or ''
end

local function start(options, buffer)
  local root = root_of(vim.api.nvim_buf_get_name(buffer))
  local config = {
    name = 'codeanvil',
    cmd = options.cmd or { 'codeanvil-lsp' },
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = vim.fn.fnamemodify(root, ':t') } },
    init_options = options.settings and { settings = options.settings } or vim.empty_dict(),
    settings = { codeanvil = options.settings or vim.empty_dict() },
    handlers = {
      ['codeanvil/answerDelta'] = on_delta,
      ['codeanvil/indexProgress'] = on_index,
      ['codeanvil/runProgress'] = on_run,
    },
    on_exit = function() clients[root] = nil end,
  }
  if not clients[root] then
    local begin = vim.fn.has('nvim-0.11') == 1 and vim.lsp.start or vim.lsp.start_client
    clients[root] = begin(config, { attach = false })
  end
  if clients[root] then vim.lsp.buf_attach_client(buffer, clients[root]) end
end

-- `options.cmd`: the server's command line. `options.settings`: settings as in codeanvil.toml.
function M.setup(options)
  options = options or {}
  vim.api.nvim_create_autocmd('FileType', {
    pattern = options.filetypes or filetypes,
    callback = function(event) start(options, event.buf) end,
  })
  local function command(name, action, arguments)
    vim.api.nvim_create_user_command('CodeAnvil' .. name, action, arguments or {})
  end
  command('Ask', function(call)
    if call.args ~= '' then return M.ask(call.args) end
    vim.ui.input({ prompt = 'Ask CodeAnvil: ' }, function(question)
      if question and vim.trim(question) ~= '' then M.ask(question) end
    end)
  end, { nargs = '*' })
  command('Train', function()
    execute('train', { dry_run = true }, function(plan)
      local text = table.concat(plan.summary, '\n') .. '\nTrain?'
      if vim.fn.confirm(text, '&Yes\n&No', 2) ~= 1 then return end
      execute('train', vim.empty_dict(), function(run) notify('run ' .. run.run .. ' has started.') end)
    end)
  end)
  for _, verb in ipairs({ 'Pause', 'Stop', 'Resume' }) do
    command(verb, function()
      execute(verb:lower(), vim.empty_dict(), function(run) notify('run ' .. run.run .. ' is ' .. run.state .. '.') end)
    end)
  end
  command('Status', function()
    local text = M.status()
    notify(text ~= '' and text:gsub('^CodeAnvil: ', '') or 'ready.')
  end)
end

return M
