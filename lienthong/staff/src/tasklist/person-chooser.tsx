import { useLoad } from '../shared/use-load';

interface Props {
  value: string;
  /** Only those who may work on this task; everybody of the staff when empty. */
  taskKey: string;
  label: string;
  onChange: (username: string) => void;
}
interface Person {
  username: string;
  displayName: string;
}

export function PersonChooser({ value, taskKey, label, onChange }: Props) {
  const { data } = useLoad<{ people: Person[] }>(`/colleagues?task=${taskKey}`);
  return (
    <label className="person">
      <span>{label}</span>{' '}
      <select value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="" />
        {data?.people.map((person) => (
          <option key={person.username} value={person.username}>
            {person.displayName} ({person.username})
          </option>
        ))}
      </select>
    </label>
  );
}
