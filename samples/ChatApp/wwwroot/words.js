// What the page says, in both languages.
export const words = {
  en: {
    brand: 'Yunque Chat', welcome: 'Welcome', sample: 'A sample application with two modules. It believes whoever you say you are.',
    customer: 'Company', user: 'Your name', signIn: 'Sign in', signOut: 'Sign out', rooms: 'Rooms', spaces: 'Spaces', send: 'Send',
    write: 'Write a message', nobody: 'Nobody has said anything yet.', failed: 'This did not reach the server. Please try again.',
    closes: (name, when, days) => `${name} closes on ${when}${days}`, inDays: (n) => (n > 1 ? `, in ${n} days.` : n === 1 ? ', tomorrow.' : ', today.'),
    willClose: (name) => `${name} will close.`, instead: (name) => `Use ${name} instead.`, move: (name) => `Go to ${name}`, more: 'Read more', contact: 'Ask us:',
    paused: (name, until) => `${name} is paused for a rehearsal${until ? ` until ${until}` : ''}.`, gone: (name) => `${name} has been retired.`,
    dismiss: 'Not now', acknowledge: 'I have understood', until: (when) => `Back at ${when}.`,
  },
  'zh-CN': {
    brand: '云鹊聊天', welcome: '欢迎', sample: '一个包含两个模块的示例应用，登录时不核实身份。',
    customer: '公司', user: '您的名字', signIn: '登录', signOut: '退出', rooms: '群聊室', spaces: '空间', send: '发送',
    write: '输入消息', nobody: '还没有人发言。', failed: '消息未能送达服务器，请再试一次。',
    closes: (name, when, days) => `「${name}」将于 ${when} 停止服务${days}`, inDays: (n) => (n > 1 ? `，还有 ${n} 天。` : n === 1 ? '，就在明天。' : '，就在今天。'),
    willClose: (name) => `「${name}」将停止服务。`, instead: (name) => `请改用「${name}」。`, move: (name) => `前往「${name}」`, more: '了解详情', contact: '联系我们：',
    paused: (name, until) => `「${name}」正在进行停用演练${until ? `，${until} 恢复` : ''}。`, gone: (name) => `「${name}」已停止服务。`,
    dismiss: '暂不处理', acknowledge: '我已知悉', until: (when) => `${when} 恢复。`,
  },
};
