#!/usr/bin/env python3
"""Kills the server (SIGKILL) again and again while six senders send batches of usage, then compares every stored count with what was acknowledged.
usage: test/crash/usage.py [seconds, default 200]   (SQLite; build src/Sunsetter.Server first; port 5410)"""
import subprocess, os, time, random, json, urllib.request, threading, sqlite3, signal, shutil, sys, tempfile
exe=os.path.join(os.path.dirname(os.path.abspath(__file__)),'../../src/Sunsetter.Server/bin/Debug/net10.0/Sunsetter.Server')
data=tempfile.mkdtemp(prefix='sunsetter-crash-')
env=dict(os.environ, SUNSETTER_ADMIN_TOKEN='crash-token')
env.pop('SUNSETTER_DATABASE',None)
def start():
    p=subprocess.Popen([exe,'--port','5410','--data',data],env=env,stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL)
    for _ in range(600):
        try:
            urllib.request.urlopen('http://127.0.0.1:5410/health/live',timeout=2); return p
        except Exception: time.sleep(0.1)
    raise SystemExit('no start')
rnd=random.Random(7); expected={}; lock=threading.Lock(); counter=[0]; acked=[0]; dup=[0]
def batch(n):
    r=random.Random(n)
    return {'batch':f'b{n}','events':[{'time':f'2026-11-2{r.randint(0,1)}T1{r.randint(0,9)}:00:00Z','module':f'm{r.randint(0,2)}','customer':f'c{r.randint(0,4)}','user':f'u{r.randint(0,99)}','count':r.randint(1,3)} for _ in range(50)]}
stop=threading.Event()
def sender():
    while not stop.is_set():
        with lock: counter[0]+=1; n=counter[0]
        body=json.dumps(batch(n)).encode()
        while True:
            try:
                q=urllib.request.Request('http://127.0.0.1:5410/edge/v1/usage',data=body,headers={'Authorization':'Bearer crash-token','Content-Type':'application/json'})
                a=json.load(urllib.request.urlopen(q,timeout=20))
                assert a['accepted']==50 and a['rejected']==0,a
                with lock:
                    acked[0]+=1; dup[0]+=a['duplicate']
                    for e in batch(n)['events']:
                        k=(e['module'],e['customer'],e['time'][:10]); c=expected.setdefault(k,[0,set()]); c[0]+=e['count']; c[1].add(e['user'])
                break
            except AssertionError: raise
            except Exception: time.sleep(0.05)
deadline=time.time()+float(sys.argv[1] if len(sys.argv)>1 else 200); kills=0
p=start(); ts=[threading.Thread(target=sender,daemon=True) for _ in range(6)]; [t.start() for t in ts]
while time.time()<deadline and kills<50:
    time.sleep(rnd.uniform(0.2,1.5)); os.kill(p.pid,signal.SIGKILL); p.wait(); kills+=1; p=start()
stop.set(); [t.join(60) for t in ts]
os.kill(p.pid,signal.SIGTERM); p.wait()
db=sqlite3.connect(data+'/sunsetter.db')
import datetime
got={(m,c,(datetime.date(1,1,1)+datetime.timedelta(days=d)).isoformat()):(calls,people) for m,c,d,people,calls in db.execute("select m.key,c.key,d.day,d.people,d.calls from usage_day d join usage_module m on m.id=d.module_id join usage_customer c on c.id=d.customer_id")}
want={k:(v[0],len(v[1])) for k,v in expected.items()}
print('kills',kills,'batches acknowledged',acked[0],'answered as duplicates after a kill',dup[0],'equal',got==want, len(got))
shutil.rmtree(data,ignore_errors=True)
sys.exit(got!=want)
