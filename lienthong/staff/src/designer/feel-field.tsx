/** The FEEL editor of bpmn.io: colours, completion, keys. Whether a text is right, the engine says. */
import FeelEditor from '@bpmn-io/feel-editor';
import { useEffect, useRef } from 'react';

interface Props {
  value: string;
  label: string;
  names: string[];
  onChange: (text: string) => void;
}

export default function FeelField({ value, label, names, onChange }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const changed = useRef(onChange);
  changed.current = onChange;
  const editor = useRef<FeelEditor | null>(null);
  const first = useRef(value);
  useEffect(() => {
    const container = place.current;
    if (!container) return undefined;
    editor.current = new FeelEditor({
      container,
      value: first.current,
      contentAttributes: { 'aria-label': label },
      onChange: (text: string) => changed.current(text),
    });
    return () => {
      editor.current = null;
      container.replaceChildren();
    };
  }, [label]);
  const known = names.join();
  useEffect(() => editor.current?.setVariables(known ? known.split(',').map((name) => ({ name })) : []), [known]);
  return <div className="feel-field" ref={place} />;
}
