-- Neovim 0.7 or newer, headless: what a user of vim.lsp gets from codeanvil-lsp. Prints "name<TAB>value" lines.
-- From the environment: EDITOR_PYTHON, EDITOR_WORKSPACE.
local workspace = os.getenv('EDITOR_WORKSPACE')
local out = {}
local function tell(name, value) table.insert(out, name .. '\t' .. vim.inspect(value, { newline = ' ', indent = '' })) end

local ready = false
local ran, problem = pcall(function()
  vim.cmd('edit ' .. workspace .. '/include/imaging/image_processor.hpp')
  local id = vim.lsp.start_client({
    name = 'codeanvil',
    cmd = { os.getenv('EDITOR_PYTHON'), '-m', 'codeanvil.lsp', '--stdio' },
    root_dir = workspace,
    handlers = {
      ['codeanvil/indexProgress'] = function(_, progress) ready = ready or progress.state == 'ready' end,
    },
  })
  vim.lsp.buf_attach_client(0, id)
  vim.wait(120000, function() return ready end, 50)
  tell('ready', ready)

  local client = vim.lsp.get_client_by_id(id)
  local line = vim.fn.search('^class ImageProcessor')
  vim.api.nvim_win_set_cursor(0, { line, 8 })
  local hover = vim.lsp.buf_request_sync(0, 'textDocument/hover', vim.lsp.util.make_position_params(), 30000)
  tell('hover', hover[id].result.contents.value)

  local asked = client.request_sync('workspace/executeCommand', {
    command = 'codeanvil.ask',
    arguments = { { question = 'Where is the class DicomReader?' } },
  }, 60000, 0)
  tell('answer', asked.result.answer)

  vim.lsp.stop_client(id)
  tell('stopped', vim.wait(30000, function() return vim.lsp.get_client_by_id(id) == nil end, 50))
end)
if not ran then tell('problem', problem) end
vim.fn.writefile(out, os.getenv('EDITOR_HOME') .. '/told')
vim.cmd('qa!')
