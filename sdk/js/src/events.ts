// Reads a text/event-stream. EventSource cannot send headers, so it is read with fetch.

export interface ServerEvent { name: string; data: string }

export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader(), decoder = new TextDecoder();
  let rest = '', name = '', data = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop()!;
      if (rest.length > 67108864) throw Error('endless');
      for (const raw of lines) {
        const line = raw.replace(/\r$/, '');
        const [, field, text] = /^([^:]*):? ?([^]*)$/.exec(line)!;
        if (!line) {
          if (data) yield { name, data };
          name = data = '';
        } else if (field === 'event') name = text;
        else if (field === 'data') data += (data && '\n') + text;
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}
