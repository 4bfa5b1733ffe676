-- What a user of Neovim gets with the README's configuration. Writes "name<TAB>value" lines to EDITOR_HOME/told.
local workspace = os.getenv('EDITOR_WORKSPACE')
local out = {}
local function tell(name, value) table.insert(out, name .. '\t' .. vim.inspect(value, { newline = ' ', indent = '' })) end
local function text() return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n') end
-- What codeanvil.lua calls that its Neovim calls old.
local old = {}
local deprecate = vim.deprecate
vim.deprecate = function(name, ...)
  if debug.traceback():match('lua/codeanvil%.lua') then table.insert(old, name) end
  return deprecate and deprecate(name, ...)
end

local function await(seconds, condition) return (vim.wait(seconds * 1000, condition, 50)) end

local ran, problem = pcall(function()
  local anvil = require('codeanvil')
  local seen, said = {}, {}
  vim.notify = function(words) table.insert(said, words) end
  vim.fn.confirm = function(words) seen.asked = words return 1 end
  vim.cmd('edit ' .. workspace .. '/include/imaging/image_processor.hpp')
  await(60, function() seen.indexing = seen.indexing or anvil.status():match('indexing') return seen.indexing end)
  tell('indexing', seen.indexing)
  tell('ready', await(120, function() return anvil.status() == '' end))

  local function client()
    local all = vim.lsp.get_clients or vim.lsp.get_active_clients
    for _, each in pairs(all()) do if each.name == 'codeanvil' then return each end end
  end
  local line = vim.fn.search('^class ImageProcessor')
  vim.api.nvim_win_set_cursor(0, { line, 8 })
  local hover = vim.lsp.buf_request_sync(0, 'textDocument/hover', vim.lsp.util.make_position_params(0, 'utf-16'), 30000)
  tell('hover', hover)
  local file = { textDocument = vim.lsp.util.make_text_document_params() }
  local outline = vim.lsp.buf_request_sync(0, 'textDocument/documentSymbol', file, 30000)
  tell('outline', outline[client().id])

  vim.cmd('CodeAnvilAsk Where is the class DicomReader?')
  await(60, function() return text():match('dicom_reader') ~= nil end)
  tell('answer', text())
  vim.fn.search('^- .*dicom_reader.hpp:')
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes('<CR>', true, false, true), 'x', false)
  tell('followed', vim.api.nvim_buf_get_name(0) .. ':' .. vim.fn.line('.'))

  vim.cmd('CodeAnvilTrain')
  await(120, function() seen.training = seen.training or anvil.status():match('training.*%d+%%') return seen.training end)
  tell('confirmed', seen.asked)
  tell('training', seen.training)
  vim.cmd('CodeAnvilStop')
  tell('ended', await(120, function() return seen.training and not anvil.status():match('training') end))
  tell('said', said)

  local id = client().id
  if vim.fn.has('nvim-0.11') == 1 then client():stop() else vim.lsp.stop_client(id) end
  tell('old', old)
  tell('stopped', await(30, function() return vim.lsp.get_client_by_id(id) == nil end))
end)
if not ran then tell('problem', problem) end
vim.fn.writefile(out, os.getenv('EDITOR_HOME') .. '/told')
vim.cmd('qa!')
