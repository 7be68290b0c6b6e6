import { listenForDoing } from './doers.ts';
import './theme.ts';

listenForDoing();
