import { loadConfig } from '../../../agent/src/config/load.ts';
import {
  decodeCall,
  decodeResponse,
  encodeCall,
  encodeResponse,
  MalformedXmlRpc,
} from '../../../agent/src/xmlrpc/index.ts';
import { requestOf } from '../fake-config.ts';
import { type FuzzTarget, mustEqual } from './target.ts';

const value = { name: 'web', list: [1, true, 'x & <y>', 1.5, null], nested: { a: { b: ['é'] } } };

export const xmlReader: FuzzTarget = {
  name: 'xml',
  seeds: [
    encodeCall('supervisor.startProcess', ['web:*', true]),
    encodeCall('system.multicall', [[{ methodName: 'supervisor.getState', params: [] }, value]]),
    encodeResponse([value, value]),
    Buffer.from(
      '<?xml version="1.0"?><!-- c --><methodCall a="b"><methodName>m</methodName><params><param><value><![CDATA[x]]>&#65;</value></param></params></methodCall>',
    ),
    Buffer.from(
      '<methodResponse><fault><value><struct><member><name>faultCode</name><value><int>10</int></value></member><member><name>faultString</name><value><string>BAD_NAME</string></value></member></struct></value></fault></methodResponse>',
    ),
  ],
  check(bytes) {
    wellFormedOrNot(() => {
      const { method, params } = decodeCall(bytes);
      const again = decodeCall(encodeCall(method, params));
      mustEqual('a call read, written and read', again, { method, params });
    });
    wellFormedOrNot(() => decodeResponse(bytes));
  },
};

function wellFormedOrNot(read: () => unknown): void {
  try {
    read();
  } catch (error) {
    if (!(error instanceof MalformedXmlRpc)) throw error;
  }
}

export const iniReader: FuzzTarget = {
  name: 'ini',
  seeds: [
    `[supervisord]\nlogfile=%(here)s/x.log ; c\nenvironment=A="1",B='%(ENV_HOME)s'\n[program:a]\ncommand=sh -c "echo 'x y'" # z\nnumprocs=2\nprocess_name=%(program_name)s_%(process_num)02d\nexitcodes=0,2\nstopsignal=TERM\nstdout_logfile_maxbytes=10MB\numask=022\n`,
    `[supervisord]\n[DEFAULT]\nx: 1\n[group:g]\nprograms=a,b\npriority=5\n[program:a]\ncommand=cat\n  -u\n[program:b]\ncommand=cat\nautorestart=unexpected\nuser=nobody\n[eventlistener:e]\ncommand=x\nevents=PROCESS_STATE,TICK_5\nbuffer_size=10\n[fcgi-program:f]\ncommand=y\nsocket=unix:///tmp/%(program_name)s.sock\nsocket_owner=nobody\nsocket_mode=0700\n[include]\nfiles=*.ini conf.d/?.ini\n`,
    `[unix_http_server]\nfile=/tmp/s.sock\nchmod=0700\nchown=nobody:nogroup\n[inet_http_server]\nport=*:9001\nusername=u\npassword={SHA}82ab876d1387bfafe46cc1c8a2ef074eae50cb1d\n[supervisord]\nloglevel=debug\nminfds=1024\n[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n[supervisorctl]\nserverurl=unix:///tmp/s.sock\n`,
  ].map((text) => Buffer.from(text)),
  check(bytes) {
    const read = loadConfig(requestOf({ text: bytes }));
    if (!read.ok && read.problems.some(({ says }) => says === '')) throw new Error('a problem without words');
  },
};
